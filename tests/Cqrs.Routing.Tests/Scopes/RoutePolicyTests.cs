using Cqrs.Routing.Diagnostics;
using Cqrs.Routing.Requests;
using Cqrs.Routing.Scopes;

namespace Cqrs.Routing.Tests.Scopes;

/// <summary>The precedence of the routing rules, one row each, as in the README's table.</summary>
public sealed class RoutePolicyTests
{
    [Theory]
    [InlineData(RequestKind.Command, false, null, false, false, DatabaseRole.Primary, RouteReason.Command)]
    [InlineData(RequestKind.Command, false, RouteReason.Query, false, true, DatabaseRole.Primary, RouteReason.Command)]
    [InlineData(RequestKind.Unclassified, false, RouteReason.Query, false, false, DatabaseRole.Primary, RouteReason.Unclassified)]
    [InlineData(RequestKind.Query, false, RouteReason.Command, false, false, DatabaseRole.Primary, RouteReason.InsideCommand)]
    [InlineData(RequestKind.Query, false, RouteReason.Unclassified, false, false, DatabaseRole.Primary, RouteReason.InsideCommand)]
    [InlineData(RequestKind.Query, true, RouteReason.InsideCommand, false, true, DatabaseRole.Primary, RouteReason.InsideCommand)]
    [InlineData(RequestKind.Query, true, RouteReason.ForcedPrimary, false, true, DatabaseRole.Primary, RouteReason.ForcedPrimary)]
    [InlineData(RequestKind.Query, false, RouteReason.AfterInnerCommand, false, false, DatabaseRole.Primary, RouteReason.AfterInnerCommand)]
    [InlineData(RequestKind.Query, true, RouteReason.Query, false, true, DatabaseRole.Primary, RouteReason.ReadFromPrimary)]
    [InlineData(RequestKind.Query, true, RouteReason.Query, true, true, DatabaseRole.Primary, RouteReason.ReadFromPrimary)]
    [InlineData(RequestKind.Query, false, RouteReason.Command, true, false, DatabaseRole.Primary, RouteReason.InsideCommand)]
    [InlineData(RequestKind.Query, false, RouteReason.Query, true, true, DatabaseRole.Primary, RouteReason.Tracking)]
    [InlineData(RequestKind.Query, false, null, true, false, DatabaseRole.Primary, RouteReason.Tracking)]
    [InlineData(RequestKind.Query, false, RouteReason.Query, false, true, DatabaseRole.Primary, RouteReason.RecentWrite)]
    [InlineData(RequestKind.Query, false, RouteReason.Query, false, false, DatabaseRole.Replica, RouteReason.Query)]
    [InlineData(RequestKind.Query, false, null, false, false, DatabaseRole.Replica, RouteReason.Query)]
    public void A_request_is_decided_by_the_first_rule_that_applies(
        object kind, bool readFromPrimary, RouteReason? outer, bool tracks, bool commandRanInScope, DatabaseRole route, RouteReason reason)
    {
        RouteDecision? around = outer is { } outerReason ? new(outerReason == RouteReason.Query ? DatabaseRole.Replica : DatabaseRole.Primary, outerReason) : null;

        RoutePolicy.Decide((RequestKind)kind, readFromPrimary, around, tracks, commandRanInScope).ShouldBe(new(route, reason));
    }

    [Theory]
    [InlineData(null, RouteReason.ForcedPrimary)]
    [InlineData(RouteReason.Query, RouteReason.ForcedPrimary)]
    [InlineData(RouteReason.Command, RouteReason.InsideCommand)]
    [InlineData(RouteReason.Unclassified, RouteReason.InsideCommand)]
    [InlineData(RouteReason.InsideCommand, RouteReason.InsideCommand)]
    public void ForcePrimary_never_hides_a_command(RouteReason? outer, RouteReason reason)
    {
        RouteDecision? around = outer is { } outerReason ? new(outerReason == RouteReason.Query ? DatabaseRole.Replica : DatabaseRole.Primary, outerReason) : null;

        RoutePolicy.Force(around).ShouldBe(new(DatabaseRole.Primary, reason));
    }

    [Theory]
    [InlineData(DatabaseRole.Replica, RouteReason.Query, RouteReason.Shadow)]
    [InlineData(DatabaseRole.Primary, RouteReason.Command, RouteReason.Command)]
    [InlineData(DatabaseRole.Primary, RouteReason.InsideCommand, RouteReason.InsideCommand)]
    [InlineData(DatabaseRole.Primary, RouteReason.ReadFromPrimary, RouteReason.ReadFromPrimary)]
    [InlineData(DatabaseRole.Primary, RouteReason.RecentWrite, RouteReason.RecentWrite)]
    public void Shadow_mode_comes_after_all_other_rules(DatabaseRole route, RouteReason reason, RouteReason inShadow) =>
        RoutePolicy.Shadow(new(route, reason)).ShouldBe(new(DatabaseRole.Primary, inShadow));

    [Fact]
    public void A_query_inside_a_query_in_shadow_mode_is_on_the_primary_with_reason_Shadow() =>
        RoutePolicy.Decide(RequestKind.Query, readFromPrimary: true, new RouteDecision(DatabaseRole.Primary, RouteReason.Shadow), tracks: true, wroteRecently: true)
            .ShouldBe(new(DatabaseRole.Primary, RouteReason.Shadow));

    [Fact]
    public void Every_route_reason_has_a_description() =>
        Enum.GetValues<RouteReason>().Where(reason => RouteReasons.Describe(reason) == reason.ToString()).ShouldBeEmpty();
}
