using MediatR;

namespace Cqrs.Routing.TestKit.Requests;

public sealed class ReadHandler(IServiceProvider services) : IQueryHandler<Read, object?>
{
    public Task<object?> Handle(Read request, CancellationToken cancellationToken) => request.Body(new(services, cancellationToken));
}

public sealed class ReadFromPrimaryHandler(IServiceProvider services) : IQueryHandler<ReadFromPrimaryQuery, object?>
{
    public Task<object?> Handle(ReadFromPrimaryQuery request, CancellationToken cancellationToken) => request.Body(new(services, cancellationToken));
}

public sealed class WriteHandler(IServiceProvider services) : ICommandHandler<Write, object?>
{
    public Task<object?> Handle(Write request, CancellationToken cancellationToken) => request.Body(new(services, cancellationToken));
}

public sealed class WriteNothingBackHandler(IServiceProvider services) : ICommandHandler<WriteNothingBack>
{
    public Task Handle(WriteNothingBack request, CancellationToken cancellationToken) => request.Body(new(services, cancellationToken));
}

public sealed class NeitherHandler(IServiceProvider services) : IRequestHandler<Neither, object?>
{
    public Task<object?> Handle(Neither request, CancellationToken cancellationToken) => request.Body(new(services, cancellationToken));
}

public sealed class ReadStreamHandler(IServiceProvider services) : IStreamQueryHandler<ReadStream, object>
{
    public IAsyncEnumerable<object> Handle(ReadStream request, CancellationToken cancellationToken) => request.Body(new(services, cancellationToken));
}
