using System.Buffers.Binary;
using System.Text;

namespace Cqrs.Routing.TestServers.Tds;

/// <summary>MS-TDS 2.2.6.4, LOGIN7: fixed fields, then pairs of offset and length, in characters, to the texts.</summary>
internal static class TdsLoginReader
{
    private const int TypeFlags = 26;
    private const byte ReadOnlyIntent = 0x20;
    private const int User = 40;
    private const int Password = 44;
    private const int Application = 48;
    private const int Database = 68;

    public static TdsLogin Read(byte[] body) => new(
        Text(body, User),
        Encoding.Unicode.GetString([.. Field(body, Password).Select(Reveal)]),
        Text(body, Application),
        Text(body, Database),
        (body[TypeFlags] & ReadOnlyIntent) != 0);

    private static string Text(byte[] body, int at) => Encoding.Unicode.GetString(Field(body, at));

    private static byte[] Field(byte[] body, int at)
    {
        var offset = BinaryPrimitives.ReadUInt16LittleEndian(body.AsSpan(at));
        var length = BinaryPrimitives.ReadUInt16LittleEndian(body.AsSpan(at + 2));
        return body[offset..(offset + (2 * length))];
    }

    // Halves swapped, then XOR: obscured, not encrypted.
    private static byte Reveal(byte value)
    {
        var obscured = value ^ 0xA5;
        return (byte)((obscured << 4) | (obscured >> 4));
    }
}
