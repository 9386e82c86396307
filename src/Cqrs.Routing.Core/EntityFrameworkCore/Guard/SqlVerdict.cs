namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>What a text turned out to be.</summary>
/// <param name="Offender">The keyword or function that makes it a write, never a value of the text; null for a read.</param>
internal readonly record struct SqlVerdict(string? Offender)
{
    public bool IsRead => Offender is null;
}
