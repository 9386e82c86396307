using System.Buffers.Binary;
using System.Text;

namespace Cqrs.Routing.TestServers.Tds;

/// <summary>Reads a message's body from front to back.</summary>
internal sealed class TdsReader(byte[] body)
{
    public int Position { get; set; }

    public bool IsAtEnd => Position >= body.Length;

    public byte Byte() => body[Position++];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(8));

    public ReadOnlySpan<byte> Bytes(int length)
    {
        Position += length;
        return body.AsSpan(Position - length, length);
    }

    /// <summary>So many characters.</summary>
    public string Text(int length) => Encoding.Unicode.GetString(Bytes(2 * length));

    public string ShortText() => Text(Byte());

    /// <summary>Transaction and notification, which come before the statement: a length that counts itself, then that much.</summary>
    public TdsReader SkipHeaders()
    {
        var start = Position;
        Position = start + Int32();
        return this;
    }
}
