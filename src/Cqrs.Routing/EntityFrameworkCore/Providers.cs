using System.Collections.Concurrent;
using System.Data.Common;
using System.Reflection;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore;

/// <summary>What has to be known of single providers. The library references none, so it knows them by name.</summary>
internal static class Providers
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo?> DataSourceProperties = new();

    public static bool IsSqlite(RelationalOptionsExtension provider) => Is(provider, "Sqlite");

    public static bool IsSqlServer(RelationalOptionsExtension provider) => Is(provider, "SqlServer");

    public static bool IsNpgsql(RelationalOptionsExtension provider) => Is(provider, "Npgsql");

    /// <summary>For messages: <c>SqlServer</c>, <c>Npgsql</c>.</summary>
    public static string NameOf(IDbContextOptionsExtension provider) => provider.GetType().Name.Replace("OptionsExtension", "", StringComparison.Ordinal);

    /// <summary>The data source behind a provider's options or connection, where the provider has such a thing (Npgsql).</summary>
    public static DbDataSource? DataSourceOf(object holder) => DataSourceProperty(holder)?.GetValue(holder) as DbDataSource;

    public static void RestoreDataSource(object connection, DbDataSource dataSource) =>
        connection.GetType().GetProperty("DbDataSource", typeof(DbDataSource))?.SetValue(connection, dataSource);

    private static PropertyInfo? DataSourceProperty(object holder) =>
        DataSourceProperties.GetOrAdd(holder.GetType(), static type => type.GetProperty("DataSource", typeof(DbDataSource)));

    private static bool Is(RelationalOptionsExtension provider, string name) =>
        provider.GetType().Name.StartsWith(name, StringComparison.OrdinalIgnoreCase);
}
