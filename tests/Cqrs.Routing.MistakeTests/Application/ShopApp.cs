using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Cqrs.Routing.MistakeTests.Application;

/// <summary>
/// The first application of a new user, on two SQLite files with an order each. <see cref="AddShop"/>, <see cref="AddMediator"/> and <see cref="AddRouting"/> are the three
/// lines of the quick start; a test leaves one out or writes it in another way. Built with scope validation, as a host in development is.
/// </summary>
public sealed class ShopApp : IAsyncDisposable
{
    public const string OnPrimary = "tea of the primary";
    public const string OnReplica = "tea of the replica";

    private readonly string _folder = Directory.CreateTempSubdirectory("cqrs-routing-mistakes-").FullName;
    private ServiceProvider? _provider;

    public ShopApp()
    {
        Create(Primary, OnPrimary);
        Create(Replica, OnReplica);
        Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(Log));
        Services.ConfigureDbContext<ShopContext>(Separate);
        Services.ConfigureDbContext<AuditContext>(Separate);
    }

    public string Primary => FileOf("primary.db");

    public string Replica => FileOf("replica.db");

    public ServiceCollection Services { get; } = new();

    public LogLines Log { get; } = new();

    public IServiceProvider Provider => _provider ??= Services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });

    public RouteRecorder Routes => Provider.GetRequiredService<RouteRecorder>();

    /// <summary>Builds the application of the quick start, without a mistake.</summary>
    public static ShopApp CreateRight(Action<RoutingOptions>? routing = null, Action<ReplicaOptions>? replica = null)
    {
        var app = new ShopApp();
        return app.AddShop(options => options.UseSqlite(app.Primary).UseReplica(app.Replica, replica)).AddMediator().AddRouting(routing);
    }

    /// <summary>Builds the same application without routing.</summary>
    public static ShopApp CreatePlain()
    {
        var app = new ShopApp();
        return app.AddShop(options => options.UseSqlite(app.Primary)).AddMediator();
    }

    /// <summary>Runs the same program with and without routing, each in a scope of its own, and returns both results.</summary>
    public static async Task<(object? Routed, object? Plain)> RunBothAsync(Func<Work, Task<object?>> program)
    {
        await using var routed = CreateRight();
        await using var plain = CreatePlain();
        var results = (await routed.InScopeAsync(program), await plain.InScopeAsync(program));
        routed.Log.ShouldBeWithoutWarning();
        return results;
    }

    public string FileOf(string name) => $"Data Source={Path.Combine(_folder, name)};Pooling=False";

    /// <summary>Gives a context internal services of EF Core that only this application has.</summary>
    public void Separate(DbContextOptionsBuilder options) => Separate(options, this);

    /// <inheritdoc cref="Separate(DbContextOptionsBuilder)"/>
    public static void Separate(DbContextOptionsBuilder options, object owner) => ((IDbContextOptionsBuilderInfrastructure)options.ConfigureWarnings(
        static warnings => warnings.Ignore(CoreEventId.ManyServiceProvidersCreatedWarning))).AddOrUpdateExtension(new SeparateServices(owner));

    public ShopApp AddShop(Action<DbContextOptionsBuilder> configure)
    {
        Services.AddDbContext<ShopContext>(configure);
        return this;
    }

    public ShopApp AddMediator()
    {
        Services.AddMediatR(mediatr =>
        {
            // The mistakes of the other tests are requests too.
            mediatr.TypeEvaluator = static type => type.Namespace == typeof(ShopApp).Namespace;
            mediatr.RegisterServicesFromAssemblyContaining<ShopApp>();
        });
        return this;
    }

    public ShopApp AddRouting(Action<RoutingOptions>? configure = null)
    {
        Services.AddRoutingBehavior(configure).AddRouteRecorder();
        return this;
    }

    /// <summary>Sends in a scope of its own, as one HTTP request would.</summary>
    public async Task<TResult> SendAsync<TResult>(IRequest<TResult> request)
    {
        await using var scope = Provider.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ISender>().Send(request);
    }

    public Task<object?> ReadAsync() => SendAsync(GetReport.Right);

    /// <summary>Runs outside any request, in a scope of its own, as the code of an endpoint or a worker would.</summary>
    public async Task<TResult> InScopeAsync<TResult>(Func<Work, Task<TResult>> work)
    {
        await using var scope = Provider.CreateAsyncScope();
        return await work(new(scope.ServiceProvider));
    }

    /// <summary>Does what a host does when it starts: validates the options and starts the hosted services.</summary>
    public async Task StartAsync()
    {
        Provider.GetService<IStartupValidator>()?.Validate();
        foreach (var service in Provider.GetServices<IHostedService>())
            await service.StartAsync(CancellationToken.None);
    }

    public async Task<RoutingSelfCheckReport> CheckAsync()
    {
        Services.AddRoutingSelfCheck();
        return await Provider.GetRequiredService<RoutingSelfCheck>().RunAsync();
    }

    public async Task<long> CountOrdersAsync(string connectionString)
    {
        await using var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM Orders";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_provider is not null)
            await _provider.DisposeAsync();
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // The replica is measured beside its queries, and the last measurement may still have a file open.
        }
    }

    private static void Create(string connectionString, string product)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            CREATE TABLE Orders (Id INTEGER PRIMARY KEY AUTOINCREMENT, Product TEXT NOT NULL UNIQUE);
            CREATE TABLE Entries (Id INTEGER PRIMARY KEY AUTOINCREMENT, Text TEXT NOT NULL);
            INSERT INTO Orders (Product) VALUES ('{product}');
            """;
        command.ExecuteNonQuery();
    }
}
