namespace Cqrs.Routing.TestKit.Requests;

/// <summary>A command whose handler is the test's own code.</summary>
public sealed record Write(Func<Handling, Task<object?>> Body) : ICommand<object?>
{
    public Write(Func<Handling, Task> body)
        : this(Scripted.WithoutResult(body))
    {
    }
}
