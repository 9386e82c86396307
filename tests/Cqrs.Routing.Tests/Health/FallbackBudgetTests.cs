using Cqrs.Routing.Health;

namespace Cqrs.Routing.Tests.Health;

public sealed class FallbackBudgetTests
{
    [Fact]
    public void So_many_at_once_and_no_more()
    {
        var budget = new FallbackBudget(1_000_000);

        Enumerable.Range(0, 1_000_000).All(_ => budget.TryTake()).ShouldBeTrue();
    }

    [Fact]
    public void What_is_over_it_is_refused()
    {
        var budget = new FallbackBudget(5);

        // Less than a second for a hundred, or the budget would be filled up again meanwhile.
        Enumerable.Range(0, 100).Count(_ => budget.TryTake()).ShouldBeInRange(5, 10);
    }

    [Fact]
    public void Without_one_nothing_is() => Enumerable.Range(0, 10_000).All(_ => new FallbackBudget(null).TryTake()).ShouldBeTrue();

    [Fact]
    public void Zero_means_none() => new FallbackBudget(0).TryTake().ShouldBeFalse();
}
