namespace Cqrs.Routing.MistakeTests.Application;

/// <summary>A command whose handler is written in the test.</summary>
public sealed record PlaceOrder(Func<Work, Task<object?>> Handler) : ICommand<object?>
{
    /// <summary>The command without a mistake.</summary>
    public static PlaceOrder Right => new(work => work.SaveAsync());
}

public sealed class PlaceOrderHandler(IServiceProvider services) : ICommandHandler<PlaceOrder, object?>
{
    public Task<object?> Handle(PlaceOrder command, CancellationToken cancellationToken) => command.Handler(new(services, cancellationToken));
}
