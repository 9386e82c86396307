using Cqrs.Routing.Benchmarks.Dispatch;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Benchmarks.PointQuery;

/// <summary>An application whose handlers use a pooled context. Each request comes in a scope of its own, as one over HTTP does.</summary>
internal sealed class NotesApplication : IDisposable
{
    private readonly ServiceProvider _services;

    private NotesApplication(Action<IServiceCollection> configure)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMediatR(mediatr => mediatr.RegisterServicesFromAssemblyContaining<NotesApplication>());
        configure(services);
        _services = services.BuildServiceProvider();
    }

    /// <summary>Plain EF Core, with the primary alone, and one empty behavior in the pipeline.</summary>
    public static NotesApplication Plain(NotesServers servers, Action<IServiceCollection>? addMore = null) => new(services =>
    {
        addMore?.Invoke(services);
        Add<NotesContext, NotesContext>(services);
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(EmptyBehavior<,>));
        services.AddDbContextPool<NotesContext>(options => servers.Use(options, servers.Primary));
    });

    /// <summary>The same with the floor of ambient state: an AsyncLocal in the flow that nobody reads.</summary>
    public static NotesApplication Floor(NotesServers servers) => new(services =>
    {
        Add<NotesContext, NotesContext>(services);
        services.AddSingleton(typeof(FloorTraits<>));
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(FloorBehavior<,>));
        services.AddDbContextPool<NotesContext>(options => servers.Use(options, servers.Primary));
    });

    /// <summary>Two context types; the handler of a query takes the one of the replica.</summary>
    public static NotesApplication TwoTypes(NotesServers servers) => new(services =>
    {
        Add<ReadNotesContext, NotesContext>(services);
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(EmptyBehavior<,>));
        services.AddDbContextPool<NotesContext>(options => servers.Use(options, servers.Primary));
        services.AddDbContextPool<ReadNotesContext>(options => servers.Use(options, servers.Replica));
    });

    /// <summary>An interceptor that rewrites the connection string.</summary>
    public static NotesApplication Rewriting(NotesServers servers) => new(services =>
    {
        Add<NotesContext, NotesContext>(services);
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(ReplicaWanted<,>));
        services.AddDbContextPool<NotesContext>(options =>
        {
            servers.Use(options, servers.Primary);
            options.AddInterceptors(new ConnectionStringRewriter(servers.Primary, servers.Replica));
        });
    });

    /// <summary>The behavior of this library, and a context without a replica: what a request costs.</summary>
    public static NotesApplication BehaviorAlone(NotesServers servers) => new(services =>
    {
        Add<NotesContext, NotesContext>(services);
        services.AddRoutingBehavior();
        services.AddDbContextPool<NotesContext>(options => servers.Use(options, servers.Primary));
    });

    /// <summary>A context of this library, outside any of its requests: what a context costs that stays on the primary.</summary>
    public static NotesApplication ContextAlone(NotesServers servers) => new(services =>
    {
        Add<NotesContext, NotesContext>(services);
        services.AddTransient(typeof(IPipelineBehavior<,>), typeof(EmptyBehavior<,>));
        AddRoutedContext(services, servers);
    });

    /// <summary>This library.</summary>
    public static NotesApplication Routed(NotesServers servers, Action<IServiceCollection>? addMore = null) => new(services =>
    {
        addMore?.Invoke(services);
        Add<NotesContext, NotesContext>(services);
        services.AddRoutingBehavior();
        AddRoutedContext(services, servers);
    });

    public async Task<TResponse> SendAsync<TResponse>(IRequest<TResponse> request)
    {
        await using var scope = _services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ISender>().Send(request);
    }

    /// <summary>Two requests, one after the other, in one scope.</summary>
    public async Task SendBothAsync<TFirst, TSecond>(IRequest<TFirst> first, IRequest<TSecond> second)
    {
        await using var scope = _services.CreateAsyncScope();
        var sender = scope.ServiceProvider.GetRequiredService<ISender>();
        await sender.Send(first);
        await sender.Send(second);
    }

    public void Dispose() => _services.Dispose();

    private static void AddRoutedContext(IServiceCollection services, NotesServers servers) => services.AddDbContextPool<NotesContext>(options =>
    {
        servers.Use(options, servers.Primary);
        options.UseReplica(servers.Replica);
    });

    private static void Add<TRead, TWrite>(IServiceCollection services)
        where TRead : NotesContext
        where TWrite : NotesContext
    {
        services.AddTransient<IRequestHandler<FindNote, Note>, FindNoteHandler<TRead>>();
        services.AddTransient<IRequestHandler<TrackNote, Note>, TrackNoteHandler<TRead>>();
        services.AddTransient<IRequestHandler<ChangeNote, Note>, ChangeNoteHandler<TWrite>>();
    }
}
