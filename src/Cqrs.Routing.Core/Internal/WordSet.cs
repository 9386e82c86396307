using System.Collections.Frozen;

namespace Cqrs.Routing.Internal;

/// <summary>A case-insensitive set of words that is searched by span without an allocation. Immutable and thread safe.</summary>
/// <param name="words">The words, separated by single spaces.</param>
internal readonly struct WordSet(string words)
{
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup =
        words.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    public bool Contains(ReadOnlySpan<char> word) => _lookup.Contains(word);
}
