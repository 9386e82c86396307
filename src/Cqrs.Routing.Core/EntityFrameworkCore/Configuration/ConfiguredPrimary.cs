using System.Data.Common;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>The primary in the options at the time of the <c>UseReplica</c> call. The replica is a copy of this primary.</summary>
internal sealed record ConfiguredPrimary(Type Provider, string? ConnectionString, DbConnection? Connection, DbDataSource? DataSource)
{
    public static ConfiguredPrimary? From(RelationalOptionsExtension? provider) => provider is null
        ? null
        : new(provider.GetType(), provider.ConnectionString, provider.Connection, ProviderResolver.DataSourceOf(provider));
}
