using Microsoft.Data.SqlClient;

namespace Cqrs.Routing.ConformanceTests.SqlServer;

/// <summary>SQL Server: fallback at the stage <c>Handler</c>, where the handler runs again.</summary>
public sealed class SqlServerHandlerStageTests : SqlServerTest
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_connection_that_broke_while_the_handler_held_it_open_is_closed_and_the_handler_runs_again(int connectRetryCount)
    {
        Replica.RestoresSessions = connectRetryCount > 0;
        var replica = new SqlConnectionStringBuilder(Pair.Replica) { ConnectTimeout = 1, ConnectRetryCount = connectRetryCount };
        await using var app = StartOn(replica.ConnectionString);
        var handled = 0;

        var name = await app.SendAsync(new Read(async handling =>
        {
            await handling.Db.Database.OpenConnectionAsync();
            try
            {
                await NameAsync(handling.Db);
                if (handled++ == 0)
                {
                    Replica.Disconnect();
                    Replica.Shut();
                }

                return await NameAsync(handling.Db);
            }
            finally
            {
                await handling.Db.Database.CloseConnectionAsync();
            }
        }));

        (name, handled).ShouldBe((DatabasePair.Current, 2));
        (LastRoute(app).Route, LastRoute(app).Reason).ShouldBe((DatabaseRole.Primary, RouteReason.ReplicaUnavailable));
    }
}
