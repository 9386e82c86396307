using System.Data.Common;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>The primary that stood in the options when <c>UseReplica</c> was called: the one that the replica is a copy of.</summary>
internal sealed record ConfiguredPrimary(Type Provider, string? ConnectionString, DbConnection? Connection, DbDataSource? DataSource)
{
    public static ConfiguredPrimary? From(RelationalOptionsExtension? provider) => provider is null
        ? null
        : new(provider.GetType(), provider.ConnectionString, provider.Connection, ProviderResolver.DataSourceOf(provider));
}
