using Microsoft.Extensions.DependencyInjection;
using Sample.Infrastructure.Replication;
using Sample.Infrastructure.Servers;

namespace Sample.Infrastructure.Sqlite;

internal static class SqliteProvider
{
    private static readonly TimeSpan InitialDelay = TimeSpan.FromSeconds(2);

    /// <summary>Two fresh files and a replicator between them, or the files that the configuration names, with nothing between them.</summary>
    public static void AddSqlite(this IServiceCollection services, string? primary, string? replica)
    {
        if (primary is not null)
        {
            services.AddSingleton<DatabaseServers>(new SqliteServers(primary, replica));
            services.AddSingleton<IReplication, UncontrolledReplication>();
            return;
        }

        services.AddSingleton<SqliteFiles>();
        services.AddSingleton<DatabaseServers>(provider =>
        {
            var files = provider.GetRequiredService<SqliteFiles>();
            return new SqliteServers(files.Primary, files.Replica);
        });
        services.AddSingleton(provider =>
        {
            var files = provider.GetRequiredService<SqliteFiles>();
            return new SqliteReplicator(files.Primary, files.Replica, provider.GetRequiredService<TimeProvider>()) { Delay = InitialDelay };
        });
        services.AddSingleton<IReplication>(provider => provider.GetRequiredService<SqliteReplicator>());
        services.AddHostedService<SqliteReplicationService>();
    }
}
