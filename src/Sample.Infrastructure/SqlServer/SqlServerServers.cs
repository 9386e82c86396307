using System.Data.Common;
using Cqrs.Routing;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Sample.Infrastructure.Servers;

namespace Sample.Infrastructure.SqlServer;

/// <summary>An availability group or Azure read scale-out: one address, and the intent of a connection chooses the server.</summary>
internal sealed class SqlServerServers(string primary) : DatabaseServers
{
    // EF's default of 6 makes a person wait for a minute before a wrong address is reported.
    private const int Retries = 2;

    public override string Provider => "SQL Server";

    public override bool HasReplica => true;

    public override void Configure(DbContextOptionsBuilder options, Action<ReplicaOptions> replicaOptions) =>
        options.UseSqlServer(primary, sqlServer => sqlServer.EnableRetryOnFailure(Retries)).UseReadOnlyIntentReplica(replicaOptions);

    public override DatabaseRole ServerOf(DbConnection connection) =>
        new SqlConnectionStringBuilder(connection.ConnectionString).ApplicationIntent == ApplicationIntent.ReadOnly
            ? DatabaseRole.Replica
            : DatabaseRole.Primary;
}
