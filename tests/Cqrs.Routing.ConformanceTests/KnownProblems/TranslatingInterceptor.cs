using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.ConformanceTests.KnownProblems;

/// <summary>Throws a type of the application's own for what the database refused.</summary>
internal sealed class TranslatingInterceptor : SaveChangesInterceptor
{
    public override Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default) =>
        throw new TranslatedException(eventData.Exception);

    public sealed class TranslatedException(Exception cause) : Exception("taken", cause);
}
