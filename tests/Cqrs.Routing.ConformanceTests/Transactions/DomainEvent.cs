using MediatR;

namespace Cqrs.Routing.ConformanceTests.Transactions;

/// <summary>A domain event; each registered handler runs the test's own code, in the scope of the publisher.</summary>
public sealed record DomainEvent(Func<Handling, Task> Body) : INotification
{
    public sealed class First(IServiceProvider services) : INotificationHandler<DomainEvent>
    {
        public Task Handle(DomainEvent notification, CancellationToken cancellationToken) => notification.Body(new(services, cancellationToken));
    }

    public sealed class Second(IServiceProvider services) : INotificationHandler<DomainEvent>
    {
        public Task Handle(DomainEvent notification, CancellationToken cancellationToken) => notification.Body(new(services, cancellationToken));
    }
}
