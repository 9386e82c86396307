namespace Cqrs.Routing.DocsTests.Prelude;

public sealed class Customer(string email)
{
    public int Id { get; private set; }

    public string Email { get; private set; } = email;
}
