namespace Cqrs.Routing.TestKit.Requests;

/// <summary>A query that asks for the primary.</summary>
[ReadFromPrimary]
public sealed record ReadFromPrimaryQuery(Func<Handling, Task<object?>> Body) : IQuery<object?>
{
    public ReadFromPrimaryQuery(Func<Handling, Task> body)
        : this(Scripted.WithoutResult(body))
    {
    }
}
