using System.Buffers.Binary;
using System.Text;

namespace Cqrs.Routing.TestServers.Tds;

/// <summary>The protocol's little-endian numbers and counted UTF-16 texts.</summary>
internal sealed class TdsWriter
{
    private readonly MemoryStream _bytes = new();

    public TdsWriter Byte(byte value)
    {
        _bytes.WriteByte(value);
        return this;
    }

    public TdsWriter UInt16(int value) => Number(2, bytes => BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value));

    public TdsWriter Int32(int value) => Number(4, bytes => BinaryPrimitives.WriteInt32LittleEndian(bytes, value));

    public TdsWriter Int64(long value) => Number(8, bytes => BinaryPrimitives.WriteInt64LittleEndian(bytes, value));

    public TdsWriter Bytes(ReadOnlySpan<byte> value)
    {
        _bytes.Write(value);
        return this;
    }

    /// <summary>With its length, in characters, in a byte before it.</summary>
    public TdsWriter ShortText(string value) => Byte((byte)value.Length).Bytes(Encoding.Unicode.GetBytes(value));

    /// <summary>With its length, in characters, in two bytes before it.</summary>
    public TdsWriter Text(string value) => UInt16(value.Length).Bytes(Encoding.Unicode.GetBytes(value));

    /// <summary>A token whose length in bytes comes after its first byte.</summary>
    public TdsWriter Counted(byte token, Action<TdsWriter> content)
    {
        var inner = new TdsWriter();
        content(inner);
        var bytes = inner.ToArray();
        return Byte(token).UInt16(bytes.Length).Bytes(bytes);
    }

    public byte[] ToArray() => _bytes.ToArray();

    private TdsWriter Number(int size, Action<byte[]> write)
    {
        var bytes = new byte[size];
        write(bytes);
        return Bytes(bytes);
    }
}
