namespace Cqrs.Routing.SqlText;

/// <summary>Holds the classification of a text.</summary>
/// <param name="WriteKeyword">The keyword or function that makes it a write, never a value of the text; null for a read.</param>
internal readonly record struct SqlClassification(string? WriteKeyword)
{
    public bool IsRead => WriteKeyword is null;
}
