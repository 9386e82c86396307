using System.Buffers;
using System.Globalization;

namespace Cqrs.Routing.SqlText;

/// <summary>Decodes PostgreSQL's names with escapes: <c>\0061</c>, <c>\+000061</c> and <c>\\</c>.</summary>
internal static class UnicodeEscapes
{
    /// <summary>Returns the name, with its doubled quotes unchanged; null if PostgreSQL would not read it.</summary>
    public static string? Decode(ReadOnlySpan<char> escaped)
    {
        var name = new ArrayBufferWriter<char>(escaped.Length);
        while (escaped.IndexOf('\\') is var at and >= 0)
        {
            name.Write(escaped[..at]);
            escaped = escaped[(at + 1)..];
            if (escaped is ['\\', ..])
            {
                name.Write("\\");
                escaped = escaped[1..];
                continue;
            }

            var (start, end) = escaped is ['+', ..] ? (1, 7) : (0, 4);
            if (escaped.Length < end || !uint.TryParse(escaped[start..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var character) || character > 0x10FFFF)
                return null;

            name.Write(character <= char.MaxValue ? [(char)character] : char.ConvertFromUtf32((int)character));
            escaped = escaped[end..];
        }

        name.Write(escaped);
        return name.WrittenSpan.ToString();
    }
}
