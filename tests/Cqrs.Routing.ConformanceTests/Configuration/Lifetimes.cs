namespace Cqrs.Routing.ConformanceTests.Configuration;

public sealed class Lifetimes : TheoryData<ContextLifetime>
{
    public Lifetimes()
        : base(Enum.GetValues<ContextLifetime>())
    {
    }
}
