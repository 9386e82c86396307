using Cqrs.Routing.Health;

namespace Cqrs.Routing.Tests.Health;

public sealed class FallbackBudgetTests
{
    [Fact]
    public void The_whole_budget_can_be_taken_at_once()
    {
        var budget = new FallbackBudget(1_000_000);

        Enumerable.Range(0, 1_000_000).All(_ => budget.TryTake()).ShouldBeTrue();
    }

    [Fact]
    public void Fallbacks_beyond_the_budget_are_refused()
    {
        var budget = new FallbackBudget(5);

        // Less than a second for a hundred, or the budget would be filled up again meanwhile.
        Enumerable.Range(0, 100).Count(_ => budget.TryTake()).ShouldBeInRange(5, 10);
    }

    [Fact]
    public void Without_a_budget_no_fallback_is_refused() => Enumerable.Range(0, 10_000).All(_ => new FallbackBudget(null).TryTake()).ShouldBeTrue();

    [Fact]
    public void A_budget_of_zero_refuses_every_fallback() => new FallbackBudget(0).TryTake().ShouldBeFalse();
}
