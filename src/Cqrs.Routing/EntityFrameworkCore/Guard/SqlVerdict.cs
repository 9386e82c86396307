namespace Cqrs.Routing.EntityFrameworkCore.Guard;

/// <summary>What a text turned out to be.</summary>
/// <param name="Offender">The keyword or function that makes it a write, never a value of the text; null for a read.</param>
/// <param name="CallsUnknown">Whether it calls a function that may be the application's own, and so may write although nothing else does.</param>
internal readonly record struct SqlVerdict(string? Offender, bool CallsUnknown = false)
{
    public bool IsRead => Offender is null;
}
