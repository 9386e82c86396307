namespace Cqrs.Routing.Benchmarks.Dispatch;

internal sealed class GetHandler : IQueryHandler<Get, string>
{
    public static readonly Task<string> Answer = Task.FromResult("");

    public Task<string> Handle(Get query, CancellationToken cancellationToken) => Answer;
}
