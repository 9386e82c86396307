using Microsoft.EntityFrameworkCore.Storage;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>Looks up what a connection string such as <c>Name=Replica</c> stands for, as the provider's own connection does.</summary>
internal static class NamedConnectionStrings
{
    // EF marks the resolver internal, yet hands it to every connection class; the alternative is to write its lookup a second time.
#pragma warning disable EF1001
    public static Func<string, string> Resolver(RelationalConnectionDependencies dependencies) => dependencies.ConnectionStringResolver.ResolveConnectionString;
#pragma warning restore EF1001
}
