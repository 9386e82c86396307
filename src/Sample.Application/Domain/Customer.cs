namespace Sample.Application.Domain;

/// <summary>Who orders. Known by e-mail address.</summary>
public sealed class Customer(string email, string name)
{
    /// <summary>Given by the database.</summary>
    public int Id { get; private set; }

    /// <summary>Unique.</summary>
    public string Email { get; private set; } = email;

    /// <summary>As the customer wrote it when it ordered first.</summary>
    public string Name { get; private set; } = name;
}
