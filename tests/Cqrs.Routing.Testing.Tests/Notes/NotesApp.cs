using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Testing.Tests.Notes;

/// <summary>An application on a simulator, without a test framework's part in it.</summary>
internal sealed class NotesApp : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private NotesApp(ServiceProvider services) => _services = services;

    public LagSimulator Lag { get; private init; } = null!;

    public RouteRecorder Routes => _services.GetRequiredService<RouteRecorder>();

    public static async Task<NotesApp> StartAsync(Action<DbContextOptionsBuilder>? configure = null, Action<RoutingOptions>? routing = null, int routedPercent = 100, bool usesReplica = true)
    {
        var lag = new LagSimulator();
        var services = new ServiceCollection().AddLogging();
        services.AddDbContextPool<NotesContext>(options =>
        {
            if (usesReplica)
                options.UseLagSimulator(lag);
            else
                options.UseSqlite(lag.Primary);
            configure?.Invoke(options);
        });
        services.AddMediatR(mediatr => mediatr.RegisterServicesFromAssemblyContaining<NotesApp>());
        services.AddRoutingBehavior(routing).Configure<RoutingRolloutOptions>(rollout => rollout.Percent = routedPercent);
        services.AddRouteRecorder();
        var app = new NotesApp(services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true })) { Lag = lag };
        await app.InScopeAsync(scope => scope.GetRequiredService<NotesContext>().Database.EnsureCreatedAsync());
        lag.Commands.Clear();
        return app;
    }

    /// <summary>One user's requests, one after another.</summary>
    public async Task<T> InScopeAsync<T>(Func<IServiceProvider, Task<T>> work)
    {
        await using var scope = _services.CreateAsyncScope();
        return await work(scope.ServiceProvider);
    }

    /// <summary>A stranger's request: it knows nothing of what others wrote.</summary>
    public Task<T> SendAsync<T>(IRequest<T> request) => InScopeAsync(scope => scope.GetRequiredService<ISender>().Send(request));

    public Task AddAsync(string text) => InScopeAsync(async scope =>
    {
        await scope.GetRequiredService<ISender>().Send(new AddNote(text));
        return 0;
    });

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Lag.Dispose();
    }
}
