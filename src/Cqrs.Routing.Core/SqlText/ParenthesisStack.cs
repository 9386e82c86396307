namespace Cqrs.Routing.SqlText;

/// <summary>What the guard remembers of each open bracket: a bit of each kind, for 64 levels. Deeper down it supposes the worst.</summary>
internal struct ParenthesisStack
{
    private const int Levels = 64;

    private ulong _withLists;
    private ulong _hints;

    public int Depth { get; private set; }

    /// <summary>Whether a WITH at this level has not reached its own statement yet.</summary>
    public bool InWithList
    {
        readonly get => Depth >= Levels || (_withLists & Bit) != 0;
        set => _withLists = value ? _withLists | Bit : _withLists & ~Bit;
    }

    /// <summary>Whether this level holds SQL Server's table hints.</summary>
    public bool InHints
    {
        readonly get => Depth >= Levels || (_hints & Bit) != 0;
        set => _hints = value ? _hints | Bit : _hints & ~Bit;
    }

    private readonly ulong Bit => Depth < Levels ? 1UL << Depth : 0;

    public void Open()
    {
        Depth++;
        InWithList = false;
        InHints = false;
    }

    public void Close() => Depth = Math.Max(0, Depth - 1);
}
