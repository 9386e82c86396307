using System.Data.Common;
using Cqrs.Routing;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Sample.Infrastructure.Servers;

namespace Sample.Infrastructure.PostgreSql;

/// <summary>A primary and its hot standby.</summary>
internal sealed class PostgreSqlServers(string primary, string? replica) : DatabaseServers
{
    private readonly string? _replicaAddress = replica is null ? null : AddressOf(replica);

    public override string Provider => "PostgreSQL";

    public override bool HasReplica => replica is not null;

    public override void Configure(DbContextOptionsBuilder options) =>
        options.UseNpgsql(primary, npgsql => npgsql.EnableRetryOnFailure()).UseReplica(replica);

    public override Route ServerOf(DbConnection connection) =>
        connection.DataSource == _replicaAddress ? Route.Replica : Route.Primary;

    private static string AddressOf(string connectionString)
    {
        using var connection = new NpgsqlConnection(connectionString);
        return connection.DataSource;
    }
}
