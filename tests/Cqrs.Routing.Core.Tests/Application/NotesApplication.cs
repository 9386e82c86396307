using Cqrs.Routing.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Core.Tests.Application;

/// <summary>An application that runs its handlers itself, on two servers or, to compare, on the primary with EF alone.</summary>
internal sealed class NotesApplication : IAsyncDisposable
{
    private readonly ServiceProvider _provider;

    private NotesApplication(bool routed, Action<RoutingOptions>? routing, IInterceptor? interceptor)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddDbContext<NotesContext>(options =>
        {
            if (routed)
                options.UseLagSimulator(Lag);
            else
                options.UseSqlite(Lag.Primary).AddInterceptors(Lag.Commands);
            if (interceptor is not null)
                options.AddInterceptors(interceptor);
        });
        services.AddCqrsRoutingCore(options =>
        {
            options.AddQueryMarker(typeof(IReads<>)).AddCommandMarker(typeof(IWrites));
            routing?.Invoke(options);
        });
        services.AddRouteRecorder();
        _provider = services.BuildServiceProvider(validateScopes: true);
    }

    public LagSimulator Lag { get; } = new();

    public IServiceProvider Root => _provider;

    public RouteRecorder Routes => _provider.GetRequiredService<RouteRecorder>();

    /// <summary>Starts it with one note, "first", that both servers have.</summary>
    public static async Task<NotesApplication> StartAsync(bool routed = true, Action<RoutingOptions>? routing = null, IInterceptor? interceptor = null)
    {
        var application = new NotesApplication(routed, routing, interceptor);
        await using var scope = application.NewScope();
        var db = scope.ServiceProvider.GetRequiredService<NotesContext>();
        await db.Database.EnsureCreatedAsync();
        db.Add(new Note { Text = "first" });
        await db.SaveChangesAsync();
        application.Lag.Commands.Clear();
        return application;
    }

    public AsyncServiceScope NewScope() => _provider.CreateAsyncScope();

    /// <summary>Lists the notes by a query.</summary>
    /// <param name="scope">Where the context is from.</param>
    /// <param name="services">What the runner is told that its adapter was resolved from; that scope if it is null.</param>
    public Task<IReadOnlyList<string>> ListAsync(IServiceScope scope, IServiceProvider? services = null) =>
        Root.GetRequiredService<RequestRunner<ListNotes>>().RunAsync<NewHandler<IReadOnlyList<string>>, IReadOnlyList<string>>(
            new(), services ?? scope.ServiceProvider, new(scope.ServiceProvider, static (handler, cancellation) => handler.HandleAsync(cancellation)), CancellationToken.None);

    /// <summary>Adds a note by a command.</summary>
    public Task<int> AddAsync(IServiceScope scope, string text, IServiceProvider? services = null) =>
        Root.GetRequiredService<RequestRunner<AddNote>>().RunOnceAsync(new AddNote(text), services ?? scope.ServiceProvider, cancellation => SaveAsync(scope, text, cancellation), CancellationToken.None);

    /// <summary>Adds a note in whatever is running.</summary>
    public static Task<int> SaveAsync(IServiceScope scope, string text, CancellationToken cancellationToken = default)
    {
        var db = scope.ServiceProvider.GetRequiredService<NotesContext>();
        db.Add(new Note { Text = text });
        return db.SaveChangesAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        Lag.Dispose();
    }
}
