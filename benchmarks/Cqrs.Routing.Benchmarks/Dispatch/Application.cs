using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Cqrs.Routing.Benchmarks.Dispatch;

/// <summary>An application without a database, and one scope of it.</summary>
internal sealed class Application : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly IServiceScope _scope;

    private Application(Action<IServiceCollection> addBehavior)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMediatR(mediatr => mediatr.RegisterServicesFromAssemblyContaining<Application>());
        addBehavior(services);
        _services = services.BuildServiceProvider();
        _scope = _services.CreateScope();
        Sender = _scope.ServiceProvider.GetRequiredService<ISender>();
    }

    public ISender Sender { get; }

    /// <summary>MediatR and nothing else.</summary>
    public static Application Bare() => new(static _ => { });

    /// <summary>MediatR with one behavior.</summary>
    public static Application With(Type behavior) => new(services => services
        .AddSingleton(typeof(FloorTraits<>))
        .AddTransient(typeof(IPipelineBehavior<,>), behavior));

    /// <summary>MediatR with routing.</summary>
    public static Application Routed() => new(static services => services.AddRoutingBehavior());

    public void Dispose()
    {
        _scope.Dispose();
        _services.Dispose();
    }
}
