using System.Buffers.Binary;

namespace Cqrs.Routing.TestServers.Tds;

/// <summary>Messages in packets, MS-TDS 2.2.3.1: a header of eight bytes (type, status, length in big-endian, process, number, window), then up to a packet's size.</summary>
internal sealed class TdsChannel(Stream stream)
{
    private const int HeaderSize = 8;
    private const int PacketSize = 4096;
    private const byte EndOfMessage = 0x01;
    private const byte ResetFlags = 0x08 | 0x10;

    private readonly List<byte> _pending = [];
    private byte _packet;

    /// <summary>Null once the client has closed its side.</summary>
    public async Task<TdsMessage?> ReadAsync(CancellationToken cancellationToken)
    {
        var header = new byte[HeaderSize];
        var body = new MemoryStream();
        var resets = false;
        do
        {
            if (await stream.ReadAtLeastAsync(header, HeaderSize, throwOnEndOfStream: false, cancellationToken) < HeaderSize)
                return null;

            resets |= (header[1] & ResetFlags) != 0;
            var packet = new byte[BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(2)) - HeaderSize];
            await stream.ReadExactlyAsync(packet, cancellationToken);
            body.Write(packet);
        }
        while ((header[1] & EndOfMessage) == 0);

        return new(header[0], resets, body.ToArray());
    }

    /// <summary>Adds to the message that is being answered; what fills a packet is sent.</summary>
    public async Task WriteAsync(byte[] tokens, CancellationToken cancellationToken)
    {
        _pending.AddRange(tokens);
        while (_pending.Count > PacketSize - HeaderSize)
            await SendAsync(PacketSize - HeaderSize, last: false, cancellationToken);
    }

    /// <summary>Sends what is pending, so that the client has it before the message ends.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) =>
        _pending.Count > 0 ? SendAsync(_pending.Count, last: false, cancellationToken) : Task.CompletedTask;

    /// <summary>Ends the message.</summary>
    public Task EndAsync(CancellationToken cancellationToken) => SendAsync(_pending.Count, last: true, cancellationToken);

    private async Task SendAsync(int length, bool last, CancellationToken cancellationToken)
    {
        var packet = new byte[HeaderSize + length];
        packet[0] = TdsMessage.Response;
        packet[1] = last ? EndOfMessage : (byte)0;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        packet[6] = ++_packet;
        _pending.CopyTo(0, packet, HeaderSize, length);
        _pending.RemoveRange(0, length);
        await stream.WriteAsync(packet, cancellationToken);
    }
}
