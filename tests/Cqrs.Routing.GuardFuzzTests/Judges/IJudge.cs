namespace Cqrs.Routing.GuardFuzzTests.Judges;

/// <summary>A copy of a database, on which texts are tried.</summary>
internal interface IJudge : IAsyncDisposable
{
    /// <summary>Executes a text, and says what it changed; null if nothing did.</summary>
    /// <returns>Whether the database executed all of it, and what changed.</returns>
    Task<(bool Succeeded, string? Change)> TryAsync(string sql);
}
