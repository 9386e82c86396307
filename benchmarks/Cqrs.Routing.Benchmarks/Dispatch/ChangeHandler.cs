namespace Cqrs.Routing.Benchmarks.Dispatch;

internal sealed class ChangeHandler : ICommandHandler<Change, string>
{
    public Task<string> Handle(Change command, CancellationToken cancellationToken) => GetHandler.Answer;
}
