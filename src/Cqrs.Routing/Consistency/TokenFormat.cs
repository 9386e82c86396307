using System.Buffers.Binary;
using System.Text;

namespace Cqrs.Routing.Consistency;

/// <summary>A token's bytes before they are protected: version, pin, marks. Times are Unix milliseconds, numbers are big-endian.</summary>
internal static class TokenFormat
{
    /// <summary>More than an application uses in one session, and few enough for a cookie.</summary>
    public const int MaxDatabases = 8;

    private const byte Version = 1;
    private const int MarkSize = 1 + 16 + 8;
    private const int MaxDatabaseLength = 64;

    /// <summary>What does not fit becomes a pin: it asks the primary for everything instead of forgetting anything.</summary>
    public static byte[] Encode(SessionState state, DateTimeOffset pinIfTooMuch)
    {
        var marks = state.Marks.OrderByDescending(mark => mark.TakenAt)
            .Where(mark => Encoding.UTF8.GetByteCount(mark.Position.Database) <= MaxDatabaseLength)
            .Take(MaxDatabases)
            .ToList();
        var pinnedUntil = marks.Count < state.Marks.Count && pinIfTooMuch > state.PinnedUntil ? pinIfTooMuch : state.PinnedUntil;
        var bytes = new byte[1 + 8 + 1 + marks.Sum(mark => MarkSize + Encoding.UTF8.GetByteCount(mark.Position.Database))];
        var rest = bytes.AsSpan();
        rest[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(rest[1..], pinnedUntil == default ? 0 : pinnedUntil.ToUnixTimeMilliseconds());
        rest[9] = (byte)marks.Count;
        rest = rest[10..];
        foreach (var (position, takenAt) in marks)
        {
            var length = Encoding.UTF8.GetBytes(position.Database, rest[1..]);
            rest[0] = (byte)length;
            rest = rest[(1 + length)..];
            BinaryPrimitives.WriteUInt128BigEndian(rest, position.Value);
            BinaryPrimitives.WriteInt64BigEndian(rest[16..], takenAt.ToUnixTimeMilliseconds());
            rest = rest[24..];
        }

        return bytes;
    }

    /// <summary>Null for what is not a token of this version.</summary>
    public static SessionState? Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (bytes[0] != Version || bytes[9] > MaxDatabases)
                return null;

            var pin = BinaryPrimitives.ReadInt64BigEndian(bytes[1..]);
            var marks = new SessionMark[bytes[9]];
            var rest = bytes[10..];
            for (var index = 0; index < marks.Length; index++)
            {
                var length = rest[0];
                var database = Encoding.UTF8.GetString(rest.Slice(1, length));
                rest = rest[(1 + length)..];
                var value = BinaryPrimitives.ReadUInt128BigEndian(rest);
                marks[index] = new(new(database, value), DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(rest[16..])));
                rest = rest[24..];
            }

            return rest.IsEmpty ? new(marks, pin == 0 ? default : DateTimeOffset.FromUnixTimeMilliseconds(pin)) : null;
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            return null;
        }
    }
}
