using System.Buffers.Binary;
using System.Text;

namespace Cqrs.Routing.TestServers.Tds;

/// <summary>Columns and rows: MS-TDS 2.2.7.4 and 2.2.7.19.</summary>
internal static class TdsRowTokens
{
    private const int Nullable = 0x09;

    /// <summary>SQL_Latin1_General_CP1_CI_AS.</summary>
    public static readonly byte[] Collation = [0x09, 0x04, 0xD0, 0x00, 0x34];

    public static byte[] Columns(IReadOnlyList<TdsColumn> columns)
    {
        var writer = new TdsWriter().Byte(0x81).UInt16(columns.Count);
        foreach (var column in columns)
            WriteType(writer.Int32(0).UInt16(Nullable), column.Type).ShortText(column.Name);
        return writer.ToArray();
    }

    public static byte[] Row(IReadOnlyList<TdsColumn> columns, object?[] values)
    {
        var writer = new TdsWriter().Byte(0xD1);
        for (var index = 0; index < columns.Count; index++)
            WriteValue(writer, columns[index].Type, values[index]);
        return writer.ToArray();
    }

    private static TdsWriter WriteType(TdsWriter writer, TdsType type) => type switch
    {
        TdsType.Bit => writer.Byte(0x68).Byte(1),
        TdsType.Int => writer.Byte(0x26).Byte(4),
        TdsType.BigInt => writer.Byte(0x26).Byte(8),
        TdsType.Lsn => writer.Byte(0x6C).Byte(13).Byte(25).Byte(0),
        _ => writer.Byte(0xE7).UInt16(8000).Bytes(Collation),
    };

    private static void WriteValue(TdsWriter writer, TdsType type, object? value)
    {
        switch (type, value)
        {
            case (TdsType.NVarChar, null):
                writer.UInt16(0xFFFF);
                break;
            case (TdsType.NVarChar, _):
                var text = Encoding.Unicode.GetBytes((string)value);
                writer.UInt16(text.Length).Bytes(text);
                break;
            case (_, null):
                writer.Byte(0);
                break;
            case (TdsType.Bit, _):
                writer.Byte(1).Byte((bool)value ? (byte)1 : (byte)0);
                break;
            case (TdsType.Int, _):
                writer.Byte(4).Int32((int)value);
                break;
            case (TdsType.BigInt, _):
                writer.Byte(8).Int64((long)value);
                break;
            case (TdsType.Lsn, _):
                // A sign, then twelve bytes of the number.
                var number = new byte[16];
                BinaryPrimitives.WriteUInt128LittleEndian(number, (UInt128)value);
                writer.Byte(13).Byte(1).Bytes(number.AsSpan(0, 12));
                break;
        }
    }
}
