using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Reflection;
using Cqrs.Routing.Providers;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Cqrs.Routing.EntityFrameworkCore.Configuration;

/// <summary>What has to be known of single providers. The library references none, so it knows them by name.</summary>
internal static class ProviderResolver
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo?> DataSourceProperties = new();
    private static readonly ConcurrentDictionary<Type, PropertyInfo?> FullStateProperties = new();

    public static bool IsSqlite(RelationalOptionsExtension provider) => Is(provider, "Sqlite");

    public static bool IsSqlServer(RelationalOptionsExtension provider) => Is(provider, "SqlServer");

    public static bool IsNpgsql(RelationalOptionsExtension provider) => Is(provider, "Npgsql");

    /// <summary>For messages: <c>SqlServer</c>, <c>Npgsql</c>.</summary>
    public static string NameOf(IDbContextOptionsExtension provider) => provider.GetType().Name.Replace("OptionsExtension", "", StringComparison.Ordinal);

    /// <summary>The data source behind a provider's options or connection, where the provider has such a thing (Npgsql).</summary>
    public static DbDataSource? DataSourceOf(object holder) => DataSourceProperty(holder)?.GetValue(holder) as DbDataSource;

    /// <summary>Where a connection leads.</summary>
    public static Endpoint EndpointOf(DbConnection connection) => new(ServerOf(connection), connection.Database);

    /// <summary>Has the pool of an open connection load the database's types again, where it loads them once (Npgsql): a migration may have created some since.</summary>
    public static Task ReloadTypesAsync(DbConnection connection, CancellationToken cancellationToken) =>
        connection.GetType().GetMethod("ReloadTypesAsync", [typeof(CancellationToken)])?.Invoke(connection, [cancellationToken]) as Task ?? Task.CompletedTask;

    /// <summary>Whether an error may come from a type that was created since the pool has loaded them (Npgsql).</summary>
    public static bool MayLackType(Exception error) => error is InvalidCastException or NotSupportedException && error.Source == "Npgsql";

    /// <summary>Whether a reader is open on a connection, as far as the provider tells: Npgsql does.</summary>
    public static bool IsReading(DbConnection connection) =>
        FullStateProperties.GetOrAdd(connection.GetType(), static type => type.GetProperty("FullState", typeof(ConnectionState)))?.GetValue(connection)
            is ConnectionState state && (state & (ConnectionState.Executing | ConnectionState.Fetching)) != 0;

    public static void RestoreDataSource(object connection, DbDataSource dataSource) =>
        connection.GetType().GetProperty("DbDataSource", typeof(DbDataSource))?.SetValue(connection, dataSource);

    public static IPositionSource PositionSourceOf(RelationalOptionsExtension provider) =>
        IsNpgsql(provider) ? PositionSources.PostgreSql
        : IsSqlServer(provider) ? SqlServerSourceOf(provider)
        : PositionSources.None;

    public static ReplicaErrorClassifier FailuresOf(RelationalOptionsExtension provider) =>
        IsNpgsql(provider) ? ReplicaErrorClassifiers.PostgreSql
        : IsSqlServer(provider) ? ReplicaErrorClassifiers.SqlServer
        : IsSqlite(provider) ? ReplicaErrorClassifiers.Sqlite
        : ReplicaErrorClassifiers.Other;

    public static ServerIdentityQuery IdentityOf(RelationalOptionsExtension provider, IPositionSource positions) =>
        IsNpgsql(provider) ? ServerIdentityQuery.PostgreSql
        : IsSqlServer(provider) ? (IsAzure(provider) || ReferenceEquals(positions, PositionSources.AzureSql) ? ServerIdentityQuery.AzureSql : ServerIdentityQuery.SqlServer)
        : IsSqlite(provider) ? ServerIdentityQuery.Sqlite
        : ServerIdentityQuery.None;

    /// <summary>Whether the provider itself spreads connections over several servers: Npgsql's <c>Host=a,b</c>, and its multi-host data source.</summary>
    public static bool NamesSeveralHosts(RelationalOptionsExtension provider)
    {
        if (!IsNpgsql(provider))
            return false;
        if (DataSourceOf(provider) is { } dataSource)
            return dataSource.GetType().Name.Contains("MultiHost", StringComparison.Ordinal);

        var text = provider.ConnectionString ?? provider.Connection?.ConnectionString;
        return text is not null
            && new DbConnectionStringBuilder { ConnectionString = text }.TryGetValue("Host", out var host)
            && host is string hosts && hosts.Contains(',', StringComparison.Ordinal);
    }

    // A file's name is relative before it is open, and not afterwards.
    private static string ServerOf(DbConnection connection) =>
        connection.DataSource is not { } source ? ""
        : connection.GetType().Name.StartsWith("Sqlite", StringComparison.Ordinal) && source is not ("" or ":memory:") && !source.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
            ? Path.GetFullPath(source)
            : source;

    private static IPositionSource SqlServerSourceOf(RelationalOptionsExtension provider) => EngineOf(provider) switch
    {
        "AzureSql" => PositionSources.AzureSql,
        // It has no replicas.
        "AzureSynapse" => PositionSources.None,
        _ => PositionSources.SqlServer,
    };

    private static bool IsAzure(RelationalOptionsExtension provider) => EngineOf(provider)?.StartsWith("Azure", StringComparison.Ordinal) == true;

    // UseSqlServer, UseAzureSql and UseAzureSynapse share their options, which tell them apart.
    private static string? EngineOf(RelationalOptionsExtension provider) => provider.GetType().GetProperty("EngineType")?.GetValue(provider)?.ToString();

    private static PropertyInfo? DataSourceProperty(object holder) =>
        DataSourceProperties.GetOrAdd(holder.GetType(), static type => type.GetProperty("DataSource", typeof(DbDataSource)));

    private static bool Is(RelationalOptionsExtension provider, string name) =>
        provider.GetType().Name.StartsWith(name, StringComparison.OrdinalIgnoreCase);
}
