using Cqrs.Routing.Benchmarks.Dispatch;

namespace Cqrs.Routing.Benchmarks.Growth;

internal sealed class OneOfManyHandler<T> : IQueryHandler<OneOfMany<T>, string>
{
    public Task<string> Handle(OneOfMany<T> query, CancellationToken cancellationToken) => GetHandler.Answer;
}
