using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sample.Application.Abstractions;
using Sample.Infrastructure;
using Sample.Infrastructure.Persistence;
using Sample.Infrastructure.PostgreSql;
using Sample.Infrastructure.Replication;
using Sample.Infrastructure.Servers;
using Sample.Infrastructure.Sqlite;
using Sample.Infrastructure.SqlServer;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the database.</summary>
public static class SampleInfrastructureServices
{
    /// <summary>The health check that measures the replica.</summary>
    public const string ReplicaCheck = "replica";

    /// <summary>Marks the health checks that a readiness probe asks.</summary>
    public const string ReadyTag = "ready";

    /// <summary>Adds the context with its replica, the repositories and routing.</summary>
    /// <exception cref="SampleConfigurationException">The configuration names no known provider, or no primary where one is needed.</exception>
    public static IServiceCollection AddSampleInfrastructure(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<CommandTap>();
        services.AddDbContextPool<SampleDbContext>((provider, options) =>
        {
            provider.GetRequiredService<DatabaseServers>().Configure(options, replica =>
            {
                replica.MaxCatchUpWait = configuration.GetValue("Replica:MaxCatchUpWait", TimeSpan.Zero);
                replica.MaxLag = configuration.GetValue<TimeSpan?>("Replica:MaxLag");
            });
            options.AddInterceptors(provider.GetRequiredService<CommandTap>());
        });
        services.AddRoutingBehavior();

        services.AddScoped<IApplicationDbContext>(provider => provider.GetRequiredService<SampleDbContext>());
        services.AddScoped<IOrderRepository, OrderRepository>();
        services.AddScoped<ICustomerRepository, CustomerRepository>();
        services.AddScoped<IUnitOfWork, UnitOfWork>();

        // First, so that the replicator of the next lines finds a primary to copy.
        services.AddHostedService<DatabaseInitializer>();
        services.AddServers(configuration);
        // After the database is there; then it is proven that the replica is one of this primary, before anything is served.
        services.AddRoutingSelfCheck();
        services.AddHealthChecks()
            .AddReplicaCheck<SampleDbContext>(ReplicaCheck)
            .AddRoutingSelfCheck(tags: [ReadyTag]);
        return services;
    }

    private static void AddServers(this IServiceCollection services, IConfiguration configuration)
    {
        var replica = configuration.GetConnectionString("Replica");
        var provider = configuration["Database:Provider"];
        switch (provider?.ToUpperInvariant())
        {
            case null or "" or "SQLITE":
                services.AddSqlite(configuration.GetConnectionString("Primary"), replica);
                break;
            case "POSTGRESQL":
                services.AddPostgreSql(Primary(), replica);
                break;
            case "SQLSERVER":
                services.AddSingleton<DatabaseServers>(new SqlServerServers(Primary()));
                services.AddSingleton<IReplication, AvailabilityGroupReplication>();
                break;
            default:
                throw new SampleConfigurationException($"Database:Provider is '{provider}'. Use Sqlite, PostgreSql or SqlServer.");
        }

        string Primary() => configuration.GetConnectionString("Primary")
            ?? throw new SampleConfigurationException($"Database:Provider is {provider}, so set ConnectionStrings:Primary too.");
    }
}
