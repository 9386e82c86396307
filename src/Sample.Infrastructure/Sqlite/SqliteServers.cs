using System.Data.Common;
using Cqrs.Routing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Sample.Infrastructure.Servers;

namespace Sample.Infrastructure.Sqlite;

/// <summary>Two files stand for two servers.</summary>
internal sealed class SqliteServers(string primary, string? replica) : DatabaseServers
{
    private readonly string? _replicaFile = replica is null ? null : new SqliteConnectionStringBuilder(replica).DataSource;

    public override string Provider => "SQLite";

    public override bool HasReplica => replica is not null;

    public override void Configure(DbContextOptionsBuilder options, Action<ReplicaOptions> replicaOptions) => options.UseSqlite(primary)
        .UseReplica(replica, choices =>
        {
            choices.PositionSource = SqlitePositions.Instance;
            replicaOptions(choices);
        });

    public override Task CompleteSchemaAsync(DbContext db, CancellationToken cancellationToken) => SqlitePositions.InstallAsync(db, cancellationToken);

    public override DatabaseRole ServerOf(DbConnection connection) =>
        connection.DataSource == _replicaFile ? DatabaseRole.Replica : DatabaseRole.Primary;
}
