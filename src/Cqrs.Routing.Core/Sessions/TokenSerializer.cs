using System.Buffers.Binary;
using System.Text;
using Cqrs.Routing.Positions;

namespace Cqrs.Routing.Sessions;

/// <summary>
/// Converts a token's content to and from bytes, before protection. Times are Unix milliseconds, each with the id of its clock. Positions are big-endian; texts are UTF-8
/// with a length prefix.
/// </summary>
internal static class TokenSerializer
{
    /// <summary>The maximum number of databases in a token: more than an application uses in one session, and few enough for a cookie.</summary>
    public const int MaxDatabases = 8;

    private const byte Version = 2;
    private const int MaxDatabaseLength = 64;
    private const int MaxTimelineLength = 16;
    private const int MaxCovered = 8;

    [Flags]
    private enum Parts : byte
    {
        None = 0,
        Command = 1,
        Pin = 2,
        Id = 4,
    }

    /// <summary>Encodes a token's content. If a position does not fit, the token pins the session to the primary, so that no write is forgotten.</summary>
    public static byte[] Encode(SessionState state, Stamp pinIfTooMuch)
    {
        var positions = state.Positions.OrderByDescending(position => position.At.Time).Where(Fits).Take(MaxDatabases).ToList();
        var pin = positions.Count < state.Positions.Count && !(state.PinnedUntil?.Time > pinIfTooMuch.Time) ? pinIfTooMuch : state.PinnedUntil;
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Version);
        writer.Write((byte)((state.Command is null ? Parts.None : Parts.Command) | (pin is null ? Parts.None : Parts.Pin) | (state.Id == 0 ? Parts.None : Parts.Id)));
        if (state.Command is { } command)
            Write(writer, command);
        if (pin is { } until)
            Write(writer, until);
        if (state.Id != 0)
            writer.Write(state.Id);
        var covered = state.Covered.TakeLast(MaxCovered).ToList();
        writer.Write((byte)covered.Count);
        covered.ForEach(writer.Write);
        writer.Write((byte)positions.Count);
        foreach (var position in positions)
        {
            writer.Write(position.Database);
            writer.Write(position.Written.Timeline is not null);
            if (position.Written.Timeline is { } timeline)
                writer.Write(timeline);
            Write(writer, position.Written.Value);
            Write(writer, position.Seen);
            writer.Write((byte)((position.Commands != 0 ? 1 : 0) | (position.IsHeld ? 2 : 0)));
            Write(writer, position.At);
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Decodes a token's content; returns null for bytes that are not a token of this version.</summary>
    public static SessionState? Decode(byte[] bytes)
    {
        try
        {
            using var stream = new MemoryStream(bytes);
            using var reader = new BinaryReader(stream, Encoding.UTF8);
            if (reader.ReadByte() != Version)
                return null;

            var parts = (Parts)reader.ReadByte();
            Stamp? command = parts.HasFlag(Parts.Command) ? ReadStamp(reader) : null;
            Stamp? pin = parts.HasFlag(Parts.Pin) ? ReadStamp(reader) : null;
            var id = parts.HasFlag(Parts.Id) ? reader.ReadUInt64() : 0;
            var covered = new ulong[reader.ReadByte()];
            for (var index = 0; index < covered.Length; index++)
                covered[index] = reader.ReadUInt64();
            var positions = new SessionPosition[reader.ReadByte()];
            for (var index = 0; index < positions.Length; index++)
                positions[index] = ReadPosition(reader);
            return stream.Position == stream.Length && positions.Length <= MaxDatabases ? new(command, positions, pin, id, covered) : null;
        }
        catch (Exception e) when (e is IOException or ArgumentException or FormatException)
        {
            return null;
        }
    }

    private static bool Fits(SessionPosition position) =>
        Encoding.UTF8.GetByteCount(position.Database) <= MaxDatabaseLength && Encoding.UTF8.GetByteCount(position.Written.Timeline ?? "") <= MaxTimelineLength;

    private static SessionPosition ReadPosition(BinaryReader reader)
    {
        var database = reader.ReadString();
        var timeline = reader.ReadBoolean() ? reader.ReadString() : null;
        var written = ReadNumber(reader);
        var seen = ReadNumber(reader);
        var flags = reader.ReadByte();
        return new(new(database, written) { Timeline = timeline }, seen, flags & 1, (flags & 2) != 0, ReadStamp(reader));
    }

    private static void Write(BinaryWriter writer, Stamp stamp)
    {
        writer.Write(stamp.Time.ToUnixTimeMilliseconds());
        writer.Write(stamp.Clock);
    }

    private static Stamp ReadStamp(BinaryReader reader) => new(DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64()), reader.ReadUInt32());

    private static void Write(BinaryWriter writer, UInt128 number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        writer.Write(bytes);
    }

    private static UInt128 ReadNumber(BinaryReader reader)
    {
        var bytes = reader.ReadBytes(16);
        return bytes.Length == 16 ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : throw new EndOfStreamException();
    }
}
