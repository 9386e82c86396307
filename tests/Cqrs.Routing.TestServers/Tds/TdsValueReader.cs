using System.Buffers.Binary;
using System.Text;

namespace Cqrs.Routing.TestServers.Tds;

/// <summary>A parameter's type and value: MS-TDS 2.2.5.4 to 2.2.5.6, as far as the tests' statements need them.</summary>
internal static class TdsValueReader
{
    private const byte Guid = 0x24;
    private const byte Int = 0x26;
    private const byte Bit = 0x68;
    private const byte Float = 0x6D;
    private const byte Binary = 0xA5;
    private const byte NVarChar = 0xE7;
    private const int CollationSize = 5;
    private const ushort Unlimited = 0xFFFF;

    public static object? Read(TdsReader body) => body.Byte() switch
    {
        Guid => Short(body, value => new Guid(value)),
        Int => Short(body, Integer),
        Bit => Short(body, value => value[0] != 0),
        Float => Short(body, value => value.Length == 4 ? BinaryPrimitives.ReadSingleLittleEndian(value) : BinaryPrimitives.ReadDoubleLittleEndian(value)),
        Binary => Long(body, collation: false),
        NVarChar => Long(body, collation: true) is { } text ? Encoding.Unicode.GetString(text) : null,
        var type => throw new NotSupportedException($"The TDS stub does not know parameters of type {type:X2}."),
    };

    private static object Integer(byte[] value) => value.Length switch
    {
        1 => value[0],
        2 => BinaryPrimitives.ReadInt16LittleEndian(value),
        4 => BinaryPrimitives.ReadInt32LittleEndian(value),
        _ => BinaryPrimitives.ReadInt64LittleEndian(value),
    };

    // The longest length, then the length of this value: none is null.
    private static object? Short(TdsReader body, Func<byte[], object> read)
    {
        _ = body.Byte();
        var length = body.Byte();
        return length == 0 ? null : read(body.Bytes(length).ToArray());
    }

    private static byte[]? Long(TdsReader body, bool collation)
    {
        var longest = body.UInt16();
        if (collation)
            body.Position += CollationSize;
        if (longest == Unlimited)
            return Chunks(body);

        var length = body.UInt16();
        return length == Unlimited ? null : body.Bytes(length).ToArray();
    }

    // A total, which may be unknown, then chunks until an empty one.
    private static byte[]? Chunks(TdsReader body)
    {
        if (body.Int64() == -1)
            return null;

        var value = new MemoryStream();
        for (var length = body.Int32(); length > 0; length = body.Int32())
            value.Write(body.Bytes(length));
        return value.ToArray();
    }
}
