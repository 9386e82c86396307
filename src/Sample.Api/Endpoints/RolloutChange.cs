namespace Sample.Api.Endpoints;

/// <summary>How many of a hundred requests are to be routed; zero is shadow mode.</summary>
internal sealed record RolloutChange(int Percent);
