namespace Cqrs.Routing.TestKit.Requests;

/// <summary>A query whose handler is the test's own code.</summary>
public sealed record Read(Func<Handling, Task<object?>> Body) : IQuery<object?>
{
    public Read(Func<Handling, Task> body)
        : this(Scripted.WithoutResult(body))
    {
    }
}
