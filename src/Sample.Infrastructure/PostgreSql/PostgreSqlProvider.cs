using Microsoft.Extensions.DependencyInjection;
using Sample.Infrastructure.Replication;
using Sample.Infrastructure.Servers;

namespace Sample.Infrastructure.PostgreSql;

internal static class PostgreSqlProvider
{
    public static void AddPostgreSql(this IServiceCollection services, string primary, string? replica)
    {
        services.AddSingleton<DatabaseServers>(new PostgreSqlServers(primary, replica));
        if (replica is null)
            services.AddSingleton<IReplication, UncontrolledReplication>();
        else
            services.AddSingleton<IReplication>(provider =>
                new StandbyReplication(primary, replica, provider.GetRequiredService<TimeProvider>()));
    }
}
