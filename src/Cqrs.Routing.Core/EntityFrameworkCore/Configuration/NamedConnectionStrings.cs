using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>Resolves a connection string such as <c>Name=Replica</c>, as the provider's own connection does.</summary>
internal static class NamedConnectionStrings
{
    // EF Core marks the resolver as internal, but passes it to every connection class. The alternative is a second implementation of its lookup.
#pragma warning disable EF1001
    public static Func<string, string> Resolver(RelationalConnectionDependencies dependencies) => dependencies.ConnectionStringResolver.ResolveConnectionString;
#pragma warning restore EF1001
}
