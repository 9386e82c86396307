namespace Cqrs.Routing.SqlText;

/// <summary>Records two properties of each open parenthesis: one bit each, for 64 levels. At deeper levels both are assumed to be set.</summary>
internal struct ParenthesisStack
{
    private const int Levels = 64;

    private ulong _withLists;
    private ulong _hints;

    public int Depth { get; private set; }

    /// <summary>Gets or sets whether a WITH at this level has not reached its own statement yet.</summary>
    public bool InWithList
    {
        readonly get => Depth >= Levels || (_withLists & Bit) != 0;
        set => _withLists = value ? _withLists | Bit : _withLists & ~Bit;
    }

    /// <summary>Gets or sets whether this level contains SQL Server's table hints.</summary>
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
