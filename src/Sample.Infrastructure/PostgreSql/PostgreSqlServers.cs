using System.Data.Common;
using Cqrs.Routing;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Sample.Infrastructure.Servers;

namespace Sample.Infrastructure.PostgreSql;

/// <summary>A primary and its hot standby.</summary>
internal sealed class PostgreSqlServers(string primary, string? replica) : DatabaseServers
{
    // EF's default of 6 makes a person wait for a minute before a wrong address is reported.
    private const int Retries = 2;

    private readonly string? _replicaAddress = replica is null ? null : AddressOf(replica);

    public override string Provider => "PostgreSQL";

    public override bool HasReplica => replica is not null;

    public override void Configure(DbContextOptionsBuilder options, Action<ReplicaOptions> replicaOptions) =>
        options.UseNpgsql(primary, npgsql => npgsql.EnableRetryOnFailure(Retries)).UseReplica(replica, replicaOptions);

    public override DatabaseRole ServerOf(DbConnection connection) =>
        connection.DataSource == _replicaAddress ? DatabaseRole.Replica : DatabaseRole.Primary;

    private static string AddressOf(string connectionString)
    {
        using var connection = new NpgsqlConnection(connectionString);
        return connection.DataSource;
    }
}
