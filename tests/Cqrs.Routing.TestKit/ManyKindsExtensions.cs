using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Cqrs.Routing.TestKit;

public static class ManyKindsExtensions
{
    /// <summary>
    /// A test process configures contexts in more than the twenty ways that EF takes for a mistake: providers, orders of options, proxies and
    /// warnings. That replicas add none is a test of its own.
    /// </summary>
    public static DbContextOptionsBuilder AllowManyKinds(this DbContextOptionsBuilder options) =>
        options.ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.ManyServiceProvidersCreatedWarning));

    /// <inheritdoc cref="AllowManyKinds(DbContextOptionsBuilder)"/>
    public static DbContextOptionsBuilder<TContext> AllowManyKinds<TContext>(this DbContextOptionsBuilder<TContext> options)
        where TContext : DbContext
        => (DbContextOptionsBuilder<TContext>)AllowManyKinds((DbContextOptionsBuilder)options);
}
